"""What is answered without any model: the time, dates, timers, sums, units."""
