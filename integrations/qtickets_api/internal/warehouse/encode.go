package warehouse

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/ClickHouse/ch-go/compress"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// column is one column of a table and what rows of R have in it.
type column[R any] struct {
	name  string
	kind  string // the ClickHouse type of the values as sent; LowCardinality is made of it where the table has that
	write func(b *buffer, rows []R)
}

// kind writes values of a Go type as a ClickHouse type: in the Native format, one after the other. A sequence is gone
// through as often as the format has parts of a value.
type kind[V any] struct {
	name  string
	write func(b *buffer, values iter.Seq[V])
}

// The kinds of values our tables hold. A moment before 1970 or after what the type holds is an error, the zero time is
// the zero of the type.
var (
	yesNo    = each("UInt8", (*buffer).yesNo)
	uint8s   = each("UInt8", (*buffer).uint8)
	uint32s  = each("UInt32", (*buffer).uint32)
	uint64s  = each("UInt64", (*buffer).uint64)
	int64s   = each("Int64", func(b *buffer, v int64) { b.uint64(uint64(v)) })
	floats   = each("Float64", func(b *buffer, v float64) { b.uint64(math.Float64bits(v)) })
	texts    = each("String", text[string])
	payloads = each("String", text[[]byte])
	amounts  = each("Decimal(18, 2)", (*buffer).money)
	days     = each("Date", (*buffer).day)
	seconds  = each("DateTime('Europe/Moscow')", (*buffer).second)
	millis   = each("DateTime64(3, 'Europe/Moscow')", (*buffer).milli)
)

// each writes values that have one part.
func each[V any](name string, put func(*buffer, V)) kind[V] {
	return kind[V]{name, func(b *buffer, values iter.Seq[V]) {
		for v := range values {
			if put(b, v); b.lz4 != nil && len(b.raw) >= frameSize {
				b.pack()
			}
		}
	}}
}

// optional is a kind whose values may be missing.
func optional[V any](k kind[V]) kind[*V] {
	return kind[*V]{"Nullable(" + k.name + ")", func(b *buffer, values iter.Seq[*V]) {
		for v := range values {
			b.yesNo(v == nil)
		}
		k.write(b, func(yield func(V) bool) {
			var none V
			for v := range values {
				if v == nil {
					v = &none
				}
				if !yield(*v) {
					return
				}
			}
		})
	}}
}

// array is a kind of lists of values.
func array[V any](k kind[V]) kind[[]V] {
	return kind[[]V]{"Array(" + k.name + ")", func(b *buffer, values iter.Seq[[]V]) {
		end := 0
		for list := range values {
			end += len(list)
			b.uint64(uint64(end))
		}
		k.write(b, func(yield func(V) bool) {
			for list := range values {
				for _, v := range list {
					if !yield(v) {
						return
					}
				}
			}
		})
	}}
}

// dictionary is a kind of values by their key.
func dictionary[K cmp.Ordered, V any](keys kind[K], values kind[V]) kind[map[K]V] {
	return kind[map[K]V]{"Map(" + keys.name + ", " + values.name + ")", func(b *buffer, all iter.Seq[map[K]V]) {
		// As lists of keys and of values, in the same order.
		array(keys).write(b, func(yield func([]K) bool) {
			for m := range all {
				if !yield(sortedKeys(m)) {
					return
				}
			}
		})
		values.write(b, func(yield func(V) bool) {
			for m := range all {
				for _, k := range sortedKeys(m) {
					if !yield(m[k]) {
						return
					}
				}
			}
		})
	}}
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// col is a column of one value a row.
func col[R, V any](name string, k kind[V], value func(*R) V) column[R] {
	return column[R]{name, k.name, func(b *buffer, rows []R) {
		k.write(b, func(yield func(V) bool) {
			for i := range rows {
				if b.row = i; !yield(value(&rows[i])) {
					return
				}
			}
		})
	}}
}

// nested is a column of one value for each element of a row.
func nested[R, E, V any](name string, k kind[V], elements func(*R) []E, value func(*E) V) column[R] {
	return column[R]{name, "Array(" + k.name + ")", func(b *buffer, rows []R) {
		end := 0
		for i := range rows {
			end += len(elements(&rows[i]))
			b.uint64(uint64(end))
		}
		k.write(b, func(yield func(V) bool) {
			for i := range rows {
				b.row = i
				for e := range elements(&rows[i]) {
					if !yield(value(&elements(&rows[i])[e])) {
						return
					}
				}
			}
		})
	}}
}

// valueColumn is the column of the k-th values of rows that name their columns, such as this one.
func valueColumn(k int, like Column) (column[[]Column], error) {
	value := func(row *[]Column) any { return (*row)[k].Value }
	switch like.Value.(type) {
	case bool:
		return col(like.Name, untyped(yesNo), value), nil
	case uint8:
		return col(like.Name, untyped(uint8s), value), nil
	case uint32:
		return col(like.Name, untyped(uint32s), value), nil
	case uint64:
		return col(like.Name, untyped(uint64s), value), nil
	case string:
		return col(like.Name, untyped(texts), value), nil
	case time.Time:
		return col(like.Name, untyped(millis), value), nil
	case *time.Time:
		return col(like.Name, untyped(optional(millis)), value), nil
	case []uint64:
		return col(like.Name, untyped(array(uint64s)), value), nil
	case map[uint64]time.Time:
		return col(like.Name, untyped(dictionary(uint64s, millis)), value), nil
	}
	return column[[]Column]{}, fmt.Errorf("%s: a %T cannot be written", like.Name, like.Value)
}

// untyped is a kind whose values are checked when they are written.
func untyped[V any](k kind[V]) kind[any] {
	return kind[any]{k.name, func(b *buffer, values iter.Seq[any]) {
		k.write(b, func(yield func(V) bool) {
			for value := range values {
				v, ok := value.(V)
				if !ok {
					b.fail(fmt.Errorf("a %T is not a %T", value, v))
				}
				if !yield(v) {
					return
				}
			}
		})
	}}
}

// buffer is what columns are encoded into.
type buffer struct {
	raw    []byte           // not compressed yet
	lz4    *compress.Writer // nil: nothing is compressed
	frames []byte           // compressed
	row    int              // being written
	err    error            // what is wrong with the first value that cannot be written
}

// frameSize is about how much is compressed at a time: more does not make it smaller.
const frameSize = 256 << 10

// pack compresses what was written. An empty frame is an error to ClickHouse.
func (b *buffer) pack() {
	if len(b.raw) == 0 {
		return
	}
	if err := b.lz4.Compress(b.raw); err != nil {
		b.fail(err)
	}
	b.raw, b.frames = b.raw[:0], append(b.frames, b.lz4.Data...)
}

func (b *buffer) fail(err error) {
	if b.err == nil {
		b.err = fmt.Errorf("row %d: %w", b.row, err)
	}
}

// block is rows encoded into a buffer as one block of the Native format, compressed.
func block[R any](b *buffer, rows []R, columns []column[R]) error {
	b.raw, b.frames, b.err = b.raw[:0], b.frames[:0], nil
	b.size(len(columns))
	b.size(len(rows))
	for _, c := range columns {
		text(b, c.name)
		text(b, c.kind)
		if c.write(b, rows); b.err != nil {
			return fmt.Errorf("%s: %w", c.name, b.err)
		}
	}
	b.pack()
	return b.err
}

func (b *buffer) yesNo(v bool) {
	if v {
		b.uint8(1)
	} else {
		b.uint8(0)
	}
}

func (b *buffer) uint8(v uint8)   { b.raw = append(b.raw, v) }
func (b *buffer) uint16(v uint16) { b.raw = binary.LittleEndian.AppendUint16(b.raw, v) }
func (b *buffer) uint32(v uint32) { b.raw = binary.LittleEndian.AppendUint32(b.raw, v) }
func (b *buffer) uint64(v uint64) { b.raw = binary.LittleEndian.AppendUint64(b.raw, v) }

// size writes a number of rows, columns or bytes.
func (b *buffer) size(n int) { b.raw = binary.AppendUvarint(b.raw, uint64(n)) }

func text[T string | []byte](b *buffer, v T) {
	b.size(len(v))
	b.raw = append(b.raw, v...)
}

func (b *buffer) money(v qtickets.Money) {
	const least, most = -999_999_999_999_999_999, 999_999_999_999_999_999
	b.uint64(uint64(b.within(int64(v), least, most)))
}

func (b *buffer) day(v time.Time) {
	_, east := v.Zone()
	const day = 24 * 60 * 60
	b.uint16(uint16(b.within(unix(v)+int64(east), 0, math.MaxUint16*day+day-1) / day))
}

func (b *buffer) second(v time.Time) { b.uint32(uint32(b.within(unix(v), 0, math.MaxUint32))) }

func (b *buffer) milli(v time.Time) {
	const after2299 = 10_413_792_000 // seconds
	ms := b.within(unix(v), 0, after2299-1) * 1000
	b.uint64(uint64(ms + int64(v.Nanosecond()/1e6)))
}

func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// within notes a number that its type does not hold.
func (b *buffer) within(v, least, most int64) int64 {
	if v < least || v > most {
		b.fail(fmt.Errorf("%d is not between %d and %d", v, least, most))
	}
	return v
}
