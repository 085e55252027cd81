package embedded

import (
	"context"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// restartDelay is the pause after a start that failed.
const restartDelay = time.Second

// Supervisor starts the engine again when it ends by itself, on the same ports: its data is durable.
type Supervisor struct {
	options Options
	engine  *Engine // the goroutine's own until done is closed
	first   *Engine // whose ports and passwords all later ones have
	stop    context.CancelFunc
	done    chan struct{}
}

// Supervise is StartMigrated, and keeps the engine running until Close. ctx bounds the start only.
func Supervise(ctx context.Context, o Options) (*Supervisor, error) {
	engine, err := StartMigrated(ctx, o)
	if err != nil {
		return nil, err
	}
	o.HTTPPort, o.TCPPort = engine.HTTPPort(), engine.TCPPort()
	o.Warn = nil // of the first start
	s := &Supervisor{options: o, engine: engine, first: engine, done: make(chan struct{})}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	go s.run(running)
	return s, nil
}

// As is the connection of a user to the first database.
func (s *Supervisor) As(user string) warehouse.Config { return s.first.As(user) }

// Close stops the engine. Close your connections to it before.
func (s *Supervisor) Close() error {
	s.stop()
	<-s.done
	return s.engine.Close()
}

func (s *Supervisor) run(ctx context.Context) {
	defer close(s.done)
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.engine.Done():
		}
		engine, err := Start(ctx, s.options)
		if err == nil {
			s.engine = engine
			continue
		}
		select { // meanwhile every query fails with "ClickHouse is unavailable"
		case <-ctx.Done():
			return
		case <-time.After(restartDelay):
		}
	}
}
