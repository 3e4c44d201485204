;; The inner loops of a search, in 128-bit SIMD. `npm run build:kernel` assembles this file into kernel-bytes.ts.
;; plain-kernel.ts is the same in TypeScript, and says what the numbers mean.
;;
;; A row is `length` signed bytes, a multiple of 16, and rows lie one behind the other. The query is as many signed
;; 16-bit integers, small enough that no sum of products leaves 32 bits.

(module
  (import "segment" "memory" (memory 1 65536 shared))

  ;; Lower bounds of the distances to `count` rows, a multiple of 4 above 0. Writes one f64 a row to `bounds`, and
  ;; returns the least of them.
  (func (export "scan")
    (param $row0 i32) (param $scales i32) (param $norms i32)
    (param $count i32) (param $length i32) (param $query i32)
    (param $queryScale f64) (param $queryNorm f64) (param $queryError f64) (param $errorPerScale f64)
    (param $bounds i32)
    (result f64)
    (local $row1 i32) (local $row2 i32) (local $row3 i32) (local $end i32) (local $at i32) (local $q v128)
    (local $sum0 v128) (local $sum1 v128) (local $sum2 v128) (local $sum3 v128)
    (local $low v128) (local $high v128) (local $least v128) (local $scale v128) (local $zero v128)
    (local $queryScales v128) (local $queryNorms v128) (local $queryErrors v128) (local $perScale v128)
    (local.set $queryScales (f64x2.splat (f64.mul (f64.const 2) (local.get $queryScale))))
    (local.set $queryNorms (f64x2.splat (local.get $queryNorm)))
    (local.set $queryErrors (f64x2.splat (local.get $queryError)))
    (local.set $perScale (f64x2.splat (local.get $errorPerScale)))
    (local.set $least (f64x2.splat (f64.const inf)))
    ;; Four rows side by side: what is read of the query serves all of them.
    (loop $fours
      (local.set $row1 (i32.add (local.get $row0) (local.get $length)))
      (local.set $row2 (i32.add (local.get $row1) (local.get $length)))
      (local.set $row3 (i32.add (local.get $row2) (local.get $length)))
      (local.set $end (local.get $row1))
      (local.set $at (local.get $query))
      (local.set $sum0 (local.get $zero))
      (local.set $sum1 (local.get $zero))
      (local.set $sum2 (local.get $zero))
      (local.set $sum3 (local.get $zero))
      (loop $along
        (local.set $q (v128.load (local.get $at)))
        (local.set $sum0 (i32x4.add (local.get $sum0)
          (i32x4.dot_i16x8_s (local.get $q) (v128.load8x8_s (local.get $row0)))))
        (local.set $sum1 (i32x4.add (local.get $sum1)
          (i32x4.dot_i16x8_s (local.get $q) (v128.load8x8_s (local.get $row1)))))
        (local.set $sum2 (i32x4.add (local.get $sum2)
          (i32x4.dot_i16x8_s (local.get $q) (v128.load8x8_s (local.get $row2)))))
        (local.set $sum3 (i32x4.add (local.get $sum3)
          (i32x4.dot_i16x8_s (local.get $q) (v128.load8x8_s (local.get $row3)))))
        (local.set $q (v128.load offset=16 (local.get $at)))
        (local.set $sum0 (i32x4.add (local.get $sum0)
          (i32x4.dot_i16x8_s (local.get $q) (v128.load8x8_s offset=8 (local.get $row0)))))
        (local.set $sum1 (i32x4.add (local.get $sum1)
          (i32x4.dot_i16x8_s (local.get $q) (v128.load8x8_s offset=8 (local.get $row1)))))
        (local.set $sum2 (i32x4.add (local.get $sum2)
          (i32x4.dot_i16x8_s (local.get $q) (v128.load8x8_s offset=8 (local.get $row2)))))
        (local.set $sum3 (i32x4.add (local.get $sum3)
          (i32x4.dot_i16x8_s (local.get $q) (v128.load8x8_s offset=8 (local.get $row3)))))
        (local.set $at (i32.add (local.get $at) (i32.const 32)))
        (local.set $row1 (i32.add (local.get $row1) (i32.const 16)))
        (local.set $row2 (i32.add (local.get $row2) (i32.const 16)))
        (local.set $row3 (i32.add (local.get $row3) (i32.const 16)))
        (local.set $row0 (i32.add (local.get $row0) (i32.const 16)))
        (br_if $along (i32.lt_u (local.get $row0) (local.get $end))))
      (local.set $row0 (local.get $row3))

      ;; Four sums of four lanes each become one vector of four sums.
      (local.set $low (i32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $sum0) (local.get $sum1))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $sum0) (local.get $sum1))))
      (local.set $high (i32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $sum2) (local.get $sum3))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $sum2) (local.get $sum3))))
      (local.set $sum0 (i32x4.add
        (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $low) (local.get $high))
        (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $low) (local.get $high))))
      (local.set $sum1 (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $sum0) (local.get $sum0)))

      ;; max(0, √(‖query‖² + ‖row‖² - 2 · row · query) - errors), two rows at a time. What is no number stays none.
      (local.set $scale (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $scales))))
      (local.set $low (f64x2.pmax
        (f64x2.sub
          (f64x2.sqrt (f64x2.pmax
            (f64x2.add (local.get $queryNorms) (f64x2.mul (local.get $scale) (f64x2.sub
              (f64x2.mul (local.get $scale) (f64x2.convert_low_i32x4_s (v128.load64_zero (local.get $norms))))
              (f64x2.mul (local.get $queryScales) (f64x2.convert_low_i32x4_s (local.get $sum0))))))
            (local.get $zero)))
          (f64x2.add (local.get $queryErrors) (f64x2.mul (local.get $perScale) (local.get $scale))))
        (local.get $zero)))
      (local.set $scale (f64x2.promote_low_f32x4 (v128.load64_zero offset=8 (local.get $scales))))
      (local.set $high (f64x2.pmax
        (f64x2.sub
          (f64x2.sqrt (f64x2.pmax
            (f64x2.add (local.get $queryNorms) (f64x2.mul (local.get $scale) (f64x2.sub
              (f64x2.mul (local.get $scale) (f64x2.convert_low_i32x4_s (v128.load64_zero offset=8 (local.get $norms))))
              (f64x2.mul (local.get $queryScales) (f64x2.convert_low_i32x4_s (local.get $sum1))))))
            (local.get $zero)))
          (f64x2.add (local.get $queryErrors) (f64x2.mul (local.get $perScale) (local.get $scale))))
        (local.get $zero)))
      (v128.store (local.get $bounds) (local.get $low))
      (v128.store offset=16 (local.get $bounds) (local.get $high))
      (local.set $least (f64x2.pmin (f64x2.pmin (local.get $least) (local.get $low)) (local.get $high)))

      (local.set $scales (i32.add (local.get $scales) (i32.const 16)))
      (local.set $norms (i32.add (local.get $norms) (i32.const 16)))
      (local.set $bounds (i32.add (local.get $bounds) (i32.const 32)))
      (br_if $fours (local.tee $count (i32.sub (local.get $count) (i32.const 4)))))
    (f64.min
      (f64x2.extract_lane 0 (local.get $least))
      (f64x2.extract_lane 1 (local.get $least))))

  ;; Rounds each of `count` vectors of f32, 1 and up, to bytes of as large a scale as fits, and writes the scale, and the
  ;; sum of the squared bytes. Where a number is not finite, the scale is no number, and the bytes mean nothing.
  (func (export "quantize")
    (param $vector i32) (param $row i32) (param $scales i32) (param $norms i32) (param $count i32) (param $length i32)
    (local $end i32) (local $at i32) (local $most v128) (local $scale f32) (local $perUnit v128)
    (local $round v128) (local $rounded v128) (local $sums v128) (local $zero v128)
    ;; Added to a small number, it leaves the nearest integer in the last bits.
    (local.set $round (f32x4.splat (f32.const 0x1.8p23)))
    (loop $vectors
      (local.set $end (i32.add (local.get $vector) (i32.shl (local.get $length) (i32.const 2))))
      (local.set $at (local.get $vector))
      (local.set $most (local.get $zero))
      (loop $along
        (local.set $most (f32x4.max (local.get $most) (f32x4.abs (v128.load (local.get $at)))))
        (br_if $along (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
      (local.set $scale (f32.div
        (f32.max
          (f32.max (f32x4.extract_lane 0 (local.get $most)) (f32x4.extract_lane 1 (local.get $most)))
          (f32.max (f32x4.extract_lane 2 (local.get $most)) (f32x4.extract_lane 3 (local.get $most))))
        (f32.const 127)))
      ;; Numbers too small for single precision become 0.
      (local.set $perUnit (f32x4.splat (f32.div (f32.const 1) (local.get $scale))))
      (if (f32.lt (local.get $scale) (f32.const 0x1p-126)) (then
        (local.set $scale (f32.const 0))
        (local.set $perUnit (local.get $zero))))
      (local.set $sums (local.get $zero))
      (loop $along
        (local.set $rounded (i32x4.sub
          (f32x4.add (f32x4.mul (v128.load (local.get $vector)) (local.get $perUnit)) (local.get $round))
          (local.get $round)))
        (local.set $sums (i32x4.add (local.get $sums) (i32x4.mul (local.get $rounded) (local.get $rounded))))
        (local.set $rounded (i16x8.narrow_i32x4_s (local.get $rounded) (local.get $rounded)))
        (v128.store32_lane 0 (local.get $row) (i8x16.narrow_i16x8_s (local.get $rounded) (local.get $rounded)))
        (local.set $row (i32.add (local.get $row) (i32.const 4)))
        (br_if $along
          (i32.lt_u (local.tee $vector (i32.add (local.get $vector) (i32.const 16))) (local.get $end))))
      ;; Infinity times 0 is no number.
      (f32.store (local.get $scales)
        (f32.add (local.get $scale) (f32.mul (local.get $scale) (f32.const 0))))
      (i32.store (local.get $norms) (i32.add
        (i32.add (i32x4.extract_lane 0 (local.get $sums)) (i32x4.extract_lane 1 (local.get $sums)))
        (i32.add (i32x4.extract_lane 2 (local.get $sums)) (i32x4.extract_lane 3 (local.get $sums)))))
      (local.set $scales (i32.add (local.get $scales) (i32.const 4)))
      (local.set $norms (i32.add (local.get $norms) (i32.const 4)))
      (br_if $vectors (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))
)
