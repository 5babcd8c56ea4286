/// Reduction of a matrix to bidiagonal form, a panel at a time, reading the rest of the matrix once for each column.
///
/// A panel defers its updates: A stands for A − VYᵀ − XUᵀ with the vectors of the panel's reflectors. W = [V X] is
/// kept by columns, Z = [Y U] by rows. The two products of a column, y = Aᵀv and x = Au, need u, which depends on y;
/// but u is a multiple of row − y plus a multiple of e₁, so a block of columns that has just given its part of y can
/// give its part of x while it is still in the cache (Howell et al., ACM TOMS 34, 2008). That halves the memory
/// traffic of LAPACK's reduction, which is what it waits for.
#include "reduction.h"

#define KERNEL_FILE "../Reduction/bidiagonalize_kernel.h"
#include "../Dispatch/instantiate.h"
