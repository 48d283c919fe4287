"""The machine and the process: clock, cores, locks, the installation, the engines' common ground."""
