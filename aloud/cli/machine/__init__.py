"""What this machine can do: how quick its engines are, and who else is on its cores."""
