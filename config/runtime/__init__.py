"""The process: clock, locks, the installation, the engines' common ground."""
