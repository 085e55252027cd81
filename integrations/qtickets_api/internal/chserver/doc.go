// Package chserver runs a real ClickHouse as a child process of our own
// binary: the storage used when no server is named, by tests and by the
// clickhouse subcommand.
//
// The engine is libchdb.so, the whole of ClickHouse as one library whose entry
// point chdb_query_cmdline(argc, argv) is the program `clickhouse local`. Our
// binary stays a static CGO_ENABLED=0 build and cannot load a shared library
// itself, so it starts a tiny generated launcher (launcher_linux_amd64.go) that
// can. A crash of the engine is therefore never a crash of the loader, and the
// rest of the program talks to it as to any server, over HTTP or the native
// protocol.
//
// The server listens on 127.0.0.1 only, keeps everything in one folder and
// ends when its standard input is closed, which also happens when the parent
// is killed. Users, passwords and grants come from Options: CREATE USER and
// GRANT do not exist in this mode.
package chserver
