import Nulls
import Steering
import Tensor
import Testing

/// The number of p ≤ 0.05 of a calibrated test in N runs may not exceed this: its 99.9 % binomial quantile.
let allowedOf200 = 21
