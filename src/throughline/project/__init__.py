"""Settings, addresses, start-up checks and the command line: the outermost layer, which may import everything."""
