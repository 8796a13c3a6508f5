namespace SourceNet;

/// <summary>The mean of each window: <c>[C, H, W] → [C, H′, W′]</c>.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class AveragePool2dAttribute : PoolAttribute
{
    /// <param name="kernel">The size of the window on all axes, at least 1.</param>
    public AveragePool2dAttribute(int kernel) : base(kernel) { }

    /// <param name="kernel">The size as an expression, one for all axes or one an axis: <c>"3, 1"</c>.</param>
    public AveragePool2dAttribute(string kernel) : base(kernel) { }

    /// <summary>Whether the padding counts as zeros in the mean.</summary>
    public bool CountIncludePad { get; set; } = true;
}
