package cli

import (
	"context"
	"fmt"
	"sync"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// stores are the connections of a long-lived process. The receiver has its own, so that a load never keeps a
// webhook waiting; the page has the rights of a reader and no others.
type stores struct {
	loader, receiver *warehouse.DB
	reader           *warehouse.DB // nil: no page
}

func (s *stores) close() {
	for _, db := range []*warehouse.DB{s.loader, s.receiver, s.reader} {
		if db != nil {
			_ = db.Close()
		}
	}
}

// openStores connects to the configured ClickHouse, or starts the embedded one and keeps it running.
func openStores(ctx context.Context, settings config.Config, noPage bool) (*stores, func(), error) {
	loader := warehouseConfig(settings.ClickHouse)
	reader := loader
	reader.User, reader.Password = settings.ReaderUser, settings.ReaderPassword
	end := func() {}
	switch {
	case settings.ClickHouse.Host == "":
		keeper, err := keepEngine(ctx, settings)
		if err != nil {
			return nil, nil, err
		}
		loader, reader, end = keeper.engine.As(embedded.Loader), keeper.engine.As(embedded.Reader), keeper.close
	case !noPage && settings.ReaderPassword == "":
		return nil, nil, fmt.Errorf("%w: CLICKHOUSE_READER_PASSWORD is not set: the page reads as %s and not as the loader; put that user's password into the env file, or serve without a page (--no-page)", config.ErrInvalid, reader.User)
	}
	s := &stores{}
	stop := func() { s.close(); end() }
	open := func(to **warehouse.DB, c warehouse.Config) error {
		db, err := warehouse.Open(ctx, c)
		*to = db
		return err
	}
	err := open(&s.loader, loader)
	if err == nil {
		err = s.loader.CheckSchema(ctx)
	}
	if err == nil {
		err = open(&s.receiver, loader)
	}
	if err == nil && !noPage {
		err = open(&s.reader, reader)
	}
	if err != nil {
		stop()
		return nil, nil, err
	}
	return s, stop, nil
}

// engineKeeper starts the embedded ClickHouse again when it ends by itself, on the same ports: its data is durable.
type engineKeeper struct {
	mu      sync.Mutex
	engine  *embedded.Engine
	options embedded.Options
	ctx     context.Context
	cancel  context.CancelFunc
	done    chan struct{}
}

func keepEngine(ctx context.Context, settings config.Config) (*engineKeeper, error) {
	dir, err := dataDir(settings)
	if err != nil {
		return nil, err
	}
	k := &engineKeeper{options: embeddedOptions(settings, dir), done: make(chan struct{})}
	if k.engine, err = embedded.Start(ctx, k.options); err != nil {
		return nil, err
	}
	if err := warehouse.Migrate(ctx, k.engine.As(embedded.Admin)); err != nil {
		_ = k.engine.Close()
		return nil, err
	}
	k.options.HTTPPort = k.engine.HTTPPort()
	k.ctx, k.cancel = context.WithCancel(context.WithoutCancel(ctx))
	go k.keep()
	return k, nil
}

func (k *engineKeeper) keep() {
	defer close(k.done)
	for {
		select {
		case <-k.ctx.Done():
			return
		case <-k.engine.Done():
		}
		engine, err := embedded.Start(k.ctx, k.options)
		if err == nil {
			k.mu.Lock()
			k.engine = engine
			k.mu.Unlock()
			continue
		}
		select { // whoever asks meanwhile is told that ClickHouse does not answer
		case <-k.ctx.Done():
			return
		case <-time.After(time.Second):
		}
	}
}

func (k *engineKeeper) close() {
	k.cancel()
	<-k.done
	_ = k.engine.Close()
}
