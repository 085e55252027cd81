// Command reference is what the loader's speed is compared with: it fetches all orders, decodes them and
// inserts them, 2 000 at a time, into the loader's own table. It checks nothing, compares nothing, hashes
// nothing, leaves nothing personal out, retries nothing and publishes nothing. Never use it for real data.
//
// It reads the loader's variables: QTICKETS_BASE_URL, QTICKETS_TOKEN, QTICKETS_MAX_IN_FLIGHT and CLICKHOUSE_*
// (HTTP only).
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

const insertRows = 2000

func main() {
	if err := run(context.Background(), os.Getenv); err != nil {
		fmt.Fprintln(os.Stderr, "reference:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, variable func(string) string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ahead, err := strconv.Atoi(variable("QTICKETS_MAX_IN_FLIGHT"))
	if err != nil {
		return fmt.Errorf("QTICKETS_MAX_IN_FLIGHT: %w", err)
	}
	conn, err := clickhouse.Open(&clickhouse.Options{
		Protocol: clickhouse.HTTP,
		Addr:     []string{variable("CLICKHOUSE_HOST") + ":" + variable("CLICKHOUSE_PORT")},
		Auth: clickhouse.Auth{Database: variable("CLICKHOUSE_DATABASE"), Username: variable("CLICKHOUSE_USER"),
			Password: variable("CLICKHOUSE_PASSWORD")},
		Settings:    clickhouse.Settings{"async_insert": 0},
		Compression: &clickhouse.Compression{Method: clickhouse.CompressionLZ4},
	})
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = ahead
	api := source{base: variable("QTICKETS_BASE_URL"), token: variable("QTICKETS_TOKEN"),
		http: http.Client{Transport: transport}}
	var waiting []*page
	var rows int
	for next := range api.read(ctx, ahead) {
		if next.err != nil {
			return next.err
		}
		waiting = append(waiting, next.page)
		if rows += len(next.page.orders); rows >= insertRows {
			if err := insertPages(ctx, conn, waiting); err != nil {
				return err
			}
			waiting, rows = nil, 0
		}
	}
	if rows == 0 {
		return nil
	}
	return insertPages(ctx, conn, waiting)
}

// source is the list of orders.
type source struct {
	base, token string
	http        http.Client
}

type result struct {
	page *page
	err  error
}

// read gives every page in order, with up to ahead requests under way.
func (s *source) read(ctx context.Context, ahead int) func(yield func(result) bool) {
	return func(yield func(result) bool) {
		first, err := s.fetch(ctx, 1)
		if !yield(result{first, err}) || err != nil {
			return
		}
		pages := (first.paging.Total + first.paging.PerPage - 1) / first.paging.PerPage
		var pending []chan result
		for number := 2; number <= pages || len(pending) > 0; {
			for ; number <= pages && len(pending) < ahead; number++ {
				ready, asked := make(chan result, 1), number
				pending = append(pending, ready)
				go func() {
					p, err := s.fetch(ctx, asked)
					ready <- result{p, err}
				}()
			}
			next := <-pending[0]
			pending = pending[1:]
			if !yield(next) {
				return
			}
		}
	}
}

var errStatus = errors.New("unexpected status")

func (s *source) fetch(ctx context.Context, number int) (*page, error) {
	query := fmt.Sprintf(`{"orderBy":{"id":"asc"},"page":%d,"perPage":100}`, number)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+"/orders", strings.NewReader(query))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+s.token)
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Content-Type", "application/json")
	sent := time.Now()
	response, err := s.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("page %d: %w: %s", number, errStatus, response.Status)
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	p, err := decodePage(text)
	if err != nil {
		return nil, err
	}
	p.sent = sent
	return p, nil
}
