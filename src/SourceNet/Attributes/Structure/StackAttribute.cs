namespace SourceNet;

/// <summary>A declared model as a layer, repeated: <c>[Stack&lt;TransformerBlock&gt;("dim, heads", Repeat = "layers")]</c>.</summary>
/// <typeparam name="TBlock">A class with <see cref="ModelAttribute"/>. Repeated more than once, its output must have the shape of its input.</typeparam>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class StackAttribute<TBlock> : LayerAttribute
    where TBlock : class
{
    /// <param name="arguments">What the constructor of <typeparamref name="TBlock"/> gets: expressions over this class's constructor parameters and
    /// constants, and <c>index</c>, the position in the stack from 0.</param>
    public StackAttribute(string arguments = "") => Arguments = arguments;

    /// <summary>The arguments of each block's constructor, separated by commas.</summary>
    public string Arguments { get; }

    /// <summary>How often: an <see cref="int"/> or an expression; once if nothing is said.</summary>
    public object Repeat { get; set; } = 1;
}
