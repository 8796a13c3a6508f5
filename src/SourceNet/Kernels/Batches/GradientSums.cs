namespace SourceNet.Kernels.Batches;

/// <summary>
/// What the gradients of a channel's weight, bias and input are made of: Σ g and Σ g · (x − the rounded mean), with g the gradient of what the activation is
/// applied to.
/// </summary>
internal struct GradientSums(double sum, double product)
{
    internal double Sum = sum;
    internal double Product = product;

    internal void Add(in GradientSums other)
    {
        Sum += other.Sum;
        Product += other.Product;
    }
}
