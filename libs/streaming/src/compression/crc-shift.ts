/** The reflected CRC-32 polynomial of gzip (RFC 1952). */
const POLYNOMIAL = 0xedb88320;
/** x^0 in reflected bit order. */
const ONE = 0x80000000;

/** Multiplies two polynomials over GF(2), modulo the CRC polynomial. */
function multiply(a: number, b: number): number {
  let product = 0;
  let factor = b;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) {
      product ^= factor;
      if ((a & (bit - 1)) === 0) break;
    }
    factor = (factor & 1) === 0 ? factor >>> 1 : (factor >>> 1) ^ POLYNOMIAL;
  }
  return product >>> 0;
}

/** x^(2^n) for n from 0 to 31; the powers repeat after that. */
const SQUARES: readonly number[] = ((): number[] => {
  const squares = [0x40000000];
  for (let n = 1; n < 32; n++) {
    const last = squares[n - 1] ?? 0;
    squares.push(multiply(last, last));
  }
  return squares;
})();

/**
 * The CRC-32 of some bytes, shifted by `length` more: `crc(a ‖ b) = shiftCrc(crc(a), b.length) ^ crc(b)`.
 * Equivalent to zlib's `crc32_combine`; takes less than a microsecond for any length.
 *
 * @param length in bytes, up to 2^50
 */
export function shiftCrc(crc: number, length: number): number {
  let operator = ONE;
  let rest = length;
  // x^8 for each byte: the first factor is x^(2^3).
  for (let n = 3; rest > 0; n++) {
    if (rest % 2 === 1) operator = multiply(SQUARES[n & 31] ?? 0, operator);
    rest = Math.floor(rest / 2);
  }
  return multiply(operator, crc);
}
