SELECT count() FROM v_qtickets_sales_dashboard
