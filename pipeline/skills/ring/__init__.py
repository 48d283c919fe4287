"""What rings: a timer, an alarm, a reminder; on which days again; and what came of asking for one."""
