"""The command `musicvae`: arguments, printing, exit codes. Everything else is in the package `musicvae`."""
