package warehouse

import (
	"database/sql"
	"fmt"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// ScanMoney lets a Decimal column be scanned into an amount.
func ScanMoney(to *qtickets.Money) sql.Scanner { return moneyScanner{to} }

type moneyScanner struct{ to *qtickets.Money }

// Scan takes what the driver makes of a Decimal column.
func (s moneyScanner) Scan(value any) error {
	d, ok := value.(decimal.Decimal)
	if !ok {
		return fmt.Errorf("scan money: %T is not a decimal", value)
	}
	*s.to = moneyOf(d)
	return nil
}

// moneyOf is an amount of a Decimal column in hundredths.
func moneyOf(d decimal.Decimal) qtickets.Money { return qtickets.Money(d.Shift(2).IntPart()) }
