"""Who tries to have something sent that nobody agreed to, and who agrees."""
