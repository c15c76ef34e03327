"""Being a good guest: what robots.txt asks, a pace for each host, its certificate, what stands before its pages."""
