package cli

import (
	"fmt"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
)

type clickhouseCommand struct {
	Data     string `help:"Data folder (default: CLICKHOUSE_DATA)." placeholder:"DIR"`
	HTTPPort int    `name:"http-port" help:"HTTP port on 127.0.0.1, 0: a free one." default:"0"`
	TCPPort  int    `name:"tcp-port" help:"Native port on 127.0.0.1, 0: a free one." default:"0"`
}

// Run serves until interrupted. An engine that ends by itself is started again on the same ports: its
// data is durable, and a refused login on the native port ends this build of it.
func (c clickhouseCommand) Run(a *app) error {
	settings, err := a.config()
	if err != nil {
		return err
	}
	if c.Data != "" {
		settings.ClickHouse.DataDir = c.Data
	}
	dir, err := dataDir(settings)
	if err != nil {
		return err
	}
	options := a.embeddedOptions(settings, dir)
	options.HTTPOnly, options.HTTPPort, options.TCPPort = false, c.HTTPPort, c.TCPPort
	for {
		engine, err := embedded.Start(a.ctx, options)
		if err != nil {
			return a.ended(err)
		}
		options.HTTPPort, options.TCPPort, options.Warn = engine.HTTPPort(), engine.TCPPort(), nil
		c.announce(a, options)
		started := time.Now()
		select {
		case <-a.ctx.Done():
			return engine.Close()
		case <-engine.Done():
		}
		err = engine.Wait()
		if time.Since(started) < time.Second { // it would only go round and round
			return fmt.Errorf("the embedded ClickHouse ended: %w", err)
		}
		fmt.Fprintln(a.Stderr, a.say(fmt.Sprintf("The embedded ClickHouse ended and is started again: %v", err)))
	}
}

func (clickhouseCommand) announce(a *app, o embedded.Options) {
	fmt.Fprintln(a.Stdout, a.say(fmt.Sprintf("ClickHouse is ready. Data: %s", o.Dir)))
	fmt.Fprintf(a.Stdout, "  HTTP    http://127.0.0.1:%d\n  native  127.0.0.1:%d\n", o.HTTPPort, o.TCPPort)
	fmt.Fprintln(a.Stdout, a.say("Users, each with an env file that holds its password (mode 600):"))
	for _, u := range []struct{ name, use string }{
		{embedded.Admin, "qtickets_api migrate --envfile "},
		{embedded.Loader, "qtickets_api sync --envfile "},
		{embedded.Reader, a.say("DataLens and other readers:") + " "},
	} {
		fmt.Fprintf(a.Stdout, "  %-16s %s%s\n", u.name, u.use, embedded.EnvFile(o.Dir, u.name))
	}
	fmt.Fprintln(a.Stdout, a.say("Ctrl-C stops it."))
}
