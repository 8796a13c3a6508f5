namespace SourceNet;

/// <summary>The largest value of each window: <c>[C, H, W] → [C, H′, W′]</c>.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class MaxPool2dAttribute : PoolAttribute
{
    /// <param name="kernel">The size of the window on all axes, at least 1.</param>
    public MaxPool2dAttribute(int kernel) : base(kernel) { }

    /// <param name="kernel">The size as an expression, one for all axes or one an axis: <c>"3, 1"</c>.</param>
    public MaxPool2dAttribute(string kernel) : base(kernel) { }

    /// <summary>The distance between cells of the window; 1 if nothing is said.</summary>
    public object Dilation { get; set; } = 1;
}
