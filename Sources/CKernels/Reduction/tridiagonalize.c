/// Reduction of a symmetric matrix to tridiagonal form, a panel at a time, reading one triangle of the rest once for
/// each column.
///
/// A panel defers its updates: A stands for A − VWᵀ − WVᵀ with the vectors of the panel's reflectors, here in the two
/// halves of one array. An entry off the diagonal counts in two sums of the product with a column, and is loaded once
/// for both. The other triangle is kept at zero, so that whole vectors can be read across the diagonal.
#include "reduction.h"

#define KERNEL_FILE "../Reduction/tridiagonalize_kernel.h"
#include "../Dispatch/instantiate.h"
