"""The process: its clock, what comes from outside made safe, the installation, the engines' common ground."""
