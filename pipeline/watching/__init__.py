"""What is watched beside a talk, or instead of one."""
