package cli

import (
	"fmt"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
)

type clickhouseCommand struct {
	Data     string `help:"Data folder (default: CLICKHOUSE_DATA)." placeholder:"DIR"`
	HTTPPort int    `name:"http-port" help:"HTTP port on 127.0.0.1, 0: a free one." default:"0"`
	TCPPort  int    `name:"tcp-port" help:"Native port on 127.0.0.1, 0: a free one." default:"0"`
}

// Run serves until interrupted, or until the engine ends by itself.
func (c clickhouseCommand) Run(a *app) error {
	settings, err := a.config()
	if err != nil {
		return err
	}
	dir := c.Data
	if dir == "" {
		dir = dataDir(settings)
	}
	engine, err := startEmbedded(a.ctx, settings, dir, c.HTTPPort, c.TCPPort)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.Stdout, `ClickHouse is ready. Data: %[1]s
  HTTP    http://127.0.0.1:%[2]d
  native  127.0.0.1:%[3]d
Users, each with an env file that holds its password (mode 600):
  %[4]s        qtickets_api migrate --envfile %[5]s
  %[6]s       qtickets_api sync --envfile %[7]s
  %[8]s  DataLens and other readers, %[9]s
Ctrl-C stops it.
`, dir, engine.HTTPPort(), engine.TCPPort(), embedded.Admin, embedded.EnvFile(dir, embedded.Admin), embedded.Loader, embedded.EnvFile(dir, embedded.Loader),
		embedded.Reader, embedded.EnvFile(dir, embedded.Reader))
	select {
	case <-a.ctx.Done():
		return engine.Close()
	case <-engine.Done():
		return fmt.Errorf("the embedded ClickHouse ended: %w", engine.Wait())
	}
}
