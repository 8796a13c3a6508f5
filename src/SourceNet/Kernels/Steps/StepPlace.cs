namespace SourceNet.Kernels.Steps;

/// <summary>A place in a parameter and in what belongs to it.</summary>
internal readonly unsafe struct StepPlace(float* weight, float* gradient, float* first, float* second, float* largest)
{
    internal readonly float* Weight = weight;
    internal readonly float* Gradient = gradient;
    internal readonly float* First = first;
    internal readonly float* Second = second;
    internal readonly float* Largest = largest;
}
