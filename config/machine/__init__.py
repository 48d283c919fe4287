"""What this machine has for a program: cores, memory, and how much of them others want."""
