// Command standin plays the container ch-zakaz where the real image cannot be had: as "standin" it starts
// the project's embedded ClickHouse with passwords from the environment, as "clickhouse-client" it sends
// statements to it, with the few options the deployment checklist uses.
package main

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

const (
	server = "http://127.0.0.1:8123/"
	data   = "/var/lib/clickhouse"
)

func main() {
	run := serve
	if strings.HasPrefix(filepath.Base(os.Args[0]), "clickhouse-client") {
		run = client
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// serve becomes the engine. Its users keep their passwords in files beside the data.
func serve() error {
	for user, variable := range map[string]string{
		"admin_min": "CLICKHOUSE_ADMIN_PASSWORD", "etl_writer": "CLICKHOUSE_ETL_PASSWORD", "datalens_reader": "CLICKHOUSE_READER_PASSWORD",
	} {
		if os.Getenv(variable) == "" {
			return fmt.Errorf("%s is not set: run infra/clickhouse/passwords.sh", variable)
		}
		if err := os.WriteFile(filepath.Join(data, user+".password"), []byte(os.Getenv(variable)+"\n"), 0o600); err != nil {
			return err
		}
	}
	engine := []string{"/qtickets_api", "clickhouse", "--data", data, "--http-port", "8123", "--tcp-port", "9000"}
	return syscall.Exec(engine[0], engine, []string{"CHDB_LIB=/libchdb.so", "HOME=/root", "TMPDIR=/tmp"})
}

// client runs one query, or every statement of stdin.
func client() error {
	flags := flag.NewFlagSet("clickhouse-client", flag.ExitOnError)
	user := flags.String("user", "default", "")
	password := flags.String("password", os.Getenv("CLICKHOUSE_PASSWORD"), "") // as the real one
	query := flags.String("q", "", "")
	_ = flags.Parse(os.Args[1:])
	text := *query
	if text == "" {
		stdin, err := io.ReadAll(os.Stdin)
		if err != nil {
			return err
		}
		text = string(stdin)
	}
	for _, statement := range split(text) {
		if err := send(*user, *password, statement); err != nil {
			return err
		}
	}
	return nil
}

func send(user, password, statement string) error {
	request, err := http.NewRequest(http.MethodPost, server, strings.NewReader(statement))
	if err != nil {
		return err
	}
	request.Header.Set("X-ClickHouse-User", user)
	request.Header.Set("X-ClickHouse-Key", password)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(response.Body)
		return fmt.Errorf("%s", strings.TrimSpace(string(text)))
	}
	_, err = io.Copy(os.Stdout, response.Body)
	return err
}

// split cuts at semicolons outside strings and comments, and leaves out what is comment only.
func split(text string) []string {
	var statements []string
	var b strings.Builder
	substance, quoted, comment := false, false, false
	for i, r := range text {
		switch {
		case comment:
			comment = r != '\n'
		case r == '\'':
			quoted = !quoted
		case !quoted && strings.HasPrefix(text[i:], "--"):
			comment = true
		case !quoted && r == ';':
			if substance {
				statements = append(statements, b.String())
			}
			b.Reset()
			substance = false
			continue
		}
		if !comment && !strings.ContainsRune(" \t\r\n", r) {
			substance = true
		}
		b.WriteRune(r)
	}
	if substance {
		statements = append(statements, b.String())
	}
	return statements
}
