/** Three significant digits, with thousands separators; `–` for missing values. */
export function numberText(value: number | null): string {
  if (value === null || Number.isNaN(value)) return '–';
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  const text = value.toFixed(digits);
  if (size < 1) return text.replace(/\.?0+$/, '') || '0';
  return text.replace(/\B(?=(\d{3})+(?!\d))/g, digits === 0 ? ' ' : '');
}
