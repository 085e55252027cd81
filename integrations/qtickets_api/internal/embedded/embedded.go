// Package embedded is the ClickHouse that is used where no server is named: the engine of package
// chserver with the project's users and rights, and passwords kept beside its data.
package embedded

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/chserver"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// The users of the project's list of rights (internal/warehouse/sql/grants.sql).
const (
	Admin  = "admin_min"
	Loader = "etl_writer"
	Reader = "datalens_reader"
)

// Users are all of them.
var Users = []string{Admin, Loader, Reader}

// Options of one engine.
type Options struct {
	Library           string // libchdb.so; "": where "make deps" puts it
	Dir               string // data, passwords and env files; created with mode 0700
	HTTPPort, TCPPort int    // 0: free ones
	// HTTPOnly leaves the native port out. A refused login there ends this build of the engine, so it is
	// opened only where somebody asked for it.
	HTTPOnly bool
	// Warn is told, once, what is missing on this machine though the engine runs; nil: nobody is.
	Warn func(text string)
	// Databases the users get their rights in; the env files name the first.
	Databases []string
}

// unconfined is a warning.
const unconfined = "The embedded ClickHouse can read every file of this user: the kernel has no Landlock (Linux 5.19 " +
	"or newer, with landlock in the kernel parameter lsm=). Give its passwords to nobody you would not give those files"

// ErrOptions is returned when the engine cannot be started with these options on this machine.
var ErrOptions = errors.New("embedded ClickHouse")

// Engine is a running ClickHouse.
type Engine struct {
	*chserver.Server
	options   Options
	passwords map[string]string
}

// Check is ErrOptions when this machine lacks what the engine is made of.
func (o Options) Check() error {
	if _, err := chserver.FindLibrary(o.Library); err != nil {
		return fmt.Errorf("%w: %w", ErrOptions, err)
	}
	return nil
}

// Start starts the engine and leaves an env file per user (see EnvFile). Passwords are made once per
// folder and kept there (mode 600).
func Start(ctx context.Context, o Options) (*Engine, error) {
	library, err := chserver.FindLibrary(o.Library)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOptions, err)
	}
	for _, port := range []int{o.HTTPPort, o.TCPPort} {
		if port < 0 || port > 65535 {
			return nil, fmt.Errorf("%w: port %d is not between 0 and 65535", ErrOptions, port)
		}
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("data folder of the embedded ClickHouse: %w", err)
	}
	e := &Engine{options: o, passwords: map[string]string{}}
	for _, user := range Users {
		if e.passwords[user], err = keptPassword(PasswordFile(o.Dir, user)); err != nil {
			return nil, err
		}
	}
	accounts, err := e.accounts()
	if err != nil {
		return nil, err
	}
	e.Server, err = chserver.Start(ctx, chserver.Options{
		Library: library, DataDir: filepath.Join(o.Dir, "server"), HTTPPort: o.HTTPPort, TCPPort: o.TCPPort,
		NoTCP: o.HTTPOnly, Users: accounts,
	})
	if err != nil {
		return nil, err
	}
	if !e.Confined() && o.Warn != nil {
		o.Warn(unconfined)
	}
	if err := e.writeEnvFiles(); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

// StartMigrated is Start with the schema of the first database up to date.
func StartMigrated(ctx context.Context, o Options) (*Engine, error) {
	engine, err := Start(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := warehouse.Migrate(ctx, engine.As(Admin)); err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	return engine, nil
}

// As is the connection of a user to the first database.
func (e *Engine) As(user string) warehouse.Config {
	return warehouse.Config{
		Host: "127.0.0.1", Port: e.HTTPPort(), User: user, Password: e.passwords[user], Database: e.options.Databases[0],
	}
}

// EnvFile of a user, for --envfile.
func EnvFile(dir, user string) string { return filepath.Join(dir, user+".env") }

// PasswordFile of a user.
func PasswordFile(dir, user string) string { return filepath.Join(dir, user+".password") }

func (e *Engine) writeEnvFiles() error {
	for _, user := range Users {
		c := e.As(user)
		text := fmt.Sprintf("CLICKHOUSE_HOST=%s\nCLICKHOUSE_PORT=%d\nCLICKHOUSE_USER=%s\nCLICKHOUSE_PASSWORD=%s\n"+
			"CLICKHOUSE_DATABASE=%s\n", c.Host, c.Port, c.User, c.Password, c.Database)
		if err := os.WriteFile(EnvFile(e.options.Dir, user), []byte(text), 0o600); err != nil {
			return fmt.Errorf("env file of %s: %w", user, err)
		}
	}
	return nil
}

// keptPassword reads a password, or makes one and keeps it.
func keptPassword(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err == nil && len(text) > 0 {
		return strings.TrimSpace(string(text)), nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("password of the embedded ClickHouse: %w", err)
	}
	password := rand.Text()
	if err := os.WriteFile(path, []byte(password+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("password of the embedded ClickHouse: %w", err)
	}
	return password, nil
}
