"""The subcommands of `wbviz`, a file each: `options(parser)` adds what it takes, `run(options)` → its exit code.

They import what they need where they need it, so that `wbviz check` starts where a package is missing.
"""
