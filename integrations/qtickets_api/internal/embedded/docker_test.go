package embedded

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// dockerName is what this test program is called when it stands in for Docker: scripts under test run
// "docker exec ch-zakaz …", and here the container is a folder and an engine on a port.
const dockerName = "docker"

const (
	envPort    = "QTICKETS_TEST_PORT"
	envBackups = "QTICKETS_TEST_BACKUPS"
)

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == dockerName {
		if err := docker(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// docker understands "exec [-i] [-e NAME]… ch-zakaz COMMAND …".
func docker(args []string) error {
	if len(args) == 0 || args[0] != "exec" {
		return fmt.Errorf("stand-in for docker: %q is not known", args)
	}
	var passed []string
	args = args[1:]
	for len(args) > 1 && strings.HasPrefix(args[0], "-") {
		if args[0] == "-e" {
			passed = append(passed, args[1])
			args = args[1:]
		}
		args = args[1:]
	}
	if len(args) < 2 || args[0] != "ch-zakaz" {
		return fmt.Errorf("stand-in for docker: %q is not a command of the container ch-zakaz", args)
	}
	if command, rest := args[1], args[2:]; command != "clickhouse-client" {
		for i := range rest {
			rest[i] = strings.ReplaceAll(rest[i], "/backups", os.Getenv(envBackups))
		}
		cmd := exec.Command(command, rest...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		return cmd.Run()
	}
	password := ""
	if slices.Contains(passed, "CLICKHOUSE_PASSWORD") { // as the real client, which reads it
		password = os.Getenv("CLICKHOUSE_PASSWORD")
	}
	return clickhouseClient(args[2:], password)
}

func clickhouseClient(args []string, password string) error {
	var user, sql string
	for i, a := range args {
		if name, ok := strings.CutPrefix(a, "--user="); ok {
			user = name
		}
		if a == "-q" {
			sql = args[i+1]
		}
	}
	request, err := http.NewRequest(http.MethodPost, "http://127.0.0.1:"+os.Getenv(envPort)+"/", strings.NewReader(sql))
	if err != nil {
		return err
	}
	request.SetBasicAuth(user, password)
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s", text)
	}
	fmt.Print(string(text))
	return nil
}
