namespace SourceNet;

/// <summary>
/// Where a <see cref="ResidualAttribute"/> block adds its input: what stands before it is the body, what follows works on the sum. So a block ends with an
/// activation, as in ResNet (He et al. 2015), or with a norm, as in BERT and the first transformer (Vaswani et al. 2017). Without it the sum is the end.
/// </summary>
/// <remarks><c>[Residual, Attention(8), Dropout(0.1), Sum, Norm(Layer, Eps = 1e-12)]</c>; a norm or activation that follows is computed with the sum.</remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SumAttribute : Attribute;
