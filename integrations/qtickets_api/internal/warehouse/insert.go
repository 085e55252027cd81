package warehouse

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/ClickHouse/ch-go/compress"
	"github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2"
	chcolumn "github.com/ClickHouse/clickhouse-go/v2/lib/column"
)

// Column is a value and the name of the column it goes into.
type Column struct {
	Name  string
	Value any
}

// Col names the column of a value.
func Col(name string, value any) Column { return Column{name, value} }

// Write writes n rows as one block, stored wholly or not at all. Every row has the same columns in the same order. It
// is repeated when the network failed in the middle, so the rows must be ones that may be written twice: of equal keys
// and versions one is kept.
func (db *DB) Write(ctx context.Context, table string, n int, row func(i int) []Column) error {
	if n == 0 {
		return nil
	}
	rows := make([][]Column, n)
	for i := range rows {
		rows[i] = row(i)
	}
	columns := make([]column[[]Column], len(rows[0]))
	for k, like := range rows[0] {
		var err error
		if columns[k], err = valueColumn(k, like); err != nil {
			return fmt.Errorf("insert into %s: %w", table, err)
		}
	}
	return write(ctx, db, table, rows, columns)
}

// write is Write for rows of one Go type.
func write[R any](ctx context.Context, db *DB, table string, rows []R, columns []column[R]) error {
	if len(rows) == 0 {
		return nil
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	statement := fmt.Sprintf("INSERT INTO %s (%s)", table, strings.Join(names, ", "))
	insert := insertHTTP[R]
	if db.protocol == clickhouse.Native {
		insert = insertNative[R]
	}
	return db.retry(ctx, "insert into "+table, func() error {
		inserting, done := db.whileAlive(ctx)
		defer done()
		return insert(inserting, db, statement, rows, columns)
	})
}

// insertHTTP sends the rows as the driver would, but from a buffer that is kept: columns of its own that grow anew with
// every insert took a third of the CPU of a load.
func insertHTTP[R any](ctx context.Context, db *DB, statement string, rows []R, columns []column[R]) error {
	b := db.takeBuffer()
	if err := block(b, rows, columns); err != nil {
		return err
	}
	compressed := clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"decompress": "1"}))
	err := db.conn.InsertFormat(compressed, "Native", statement, bytes.NewReader(b.frames))
	if err == nil { // else the transport may still be reading from it
		db.keepBuffer(b)
	}
	return err
}

// insertNative lets the driver read what was encoded into columns of its own, for it alone knows the native protocol.
func insertNative[R any](ctx context.Context, db *DB, statement string, rows []R, columns []column[R]) error {
	batch, err := db.conn.PrepareBatch(ctx, statement)
	if err != nil {
		return err
	}
	defer batch.Close()
	var b buffer
	for i, to := range batch.Columns() {
		b.raw = b.raw[:0]
		if columns[i].write(&b, rows); b.err != nil {
			return fmt.Errorf("%s: %w", columns[i].name, b.err)
		}
		if err := fill(to, chcolumn.Type(columns[i].kind), b.raw, len(rows)); err != nil {
			return fmt.Errorf("%s: %w", columns[i].name, err)
		}
	}
	return batch.Send()
}

// fill gives a column of the driver its values. One of another type, such as LowCardinality(String), takes them one by
// one.
func fill(to chcolumn.Interface, kind chcolumn.Type, encoded []byte, rows int) error {
	from := to
	if to.Type() != kind {
		var err error
		if from, err = kind.Column(to.Name(), &chcolumn.ServerContext{}); err != nil {
			return err
		}
	}
	if err := from.Decode(proto.NewReader(bytes.NewReader(encoded)), rows); err != nil || from == to {
		return err
	}
	for i := range rows {
		if err := to.AppendRow(from.Row(i, false)); err != nil {
			return fmt.Errorf("row %d: %w", i, err)
		}
	}
	return nil
}

// takeBuffer is a buffer for one insert, the kept one unless another insert has it.
func (db *DB) takeBuffer() *buffer {
	select {
	case b := <-db.buffer:
		return b
	default:
		return &buffer{lz4: compress.NewWriter(compress.LevelZero, compress.LZ4)}
	}
}

// keepBuffer gives a buffer back.
func (db *DB) keepBuffer(b *buffer) {
	const most = 16 << 20 // bytes: what one unusual insert needed is not held for ever
	if cap(b.raw)+cap(b.frames)+cap(b.lz4.Data) > most {
		return
	}
	select {
	case db.buffer <- b:
	default:
	}
}
