"""What ``bench.hostile.conversation`` is made of: a server, who talks with it, four jobs, and who watches."""
