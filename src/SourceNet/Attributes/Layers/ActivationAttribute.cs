namespace SourceNet;

/// <summary>A non-linearity; the shape stays (GLU halves the channel or feature axis).</summary>
/// <remarks>On the class: the default after every block's last weighted layer and its norm, except in an <c>[Output]</c> block.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class ActivationAttribute : LayerAttribute
{
    /// <param name="kind">Which function; <see cref="ActivationKind.None"/> switches the class's default off.</param>
    public ActivationAttribute(ActivationKind kind) => Kind = kind;

    /// <summary>Which function.</summary>
    public ActivationKind Kind { get; }

    /// <summary>The slope below 0, of LeakyReLU (0.01); the first slope, of PReLU (0.25).</summary>
    public double Slope { get; set; }

    /// <summary>The scale below 0, of ELU and CELU.</summary>
    public double Alpha { get; set; } = 1;

    /// <summary>The half width of the zero band, of Softshrink and Hardshrink.</summary>
    public double Lambda { get; set; } = 0.5;

    /// <summary>The lower bound, of Hardtanh.</summary>
    public double Minimum { get; set; } = -1;

    /// <summary>The upper bound, of Hardtanh.</summary>
    public double Maximum { get; set; } = 1;

    /// <summary>The smallest slope, of RReLU.</summary>
    public double Lower { get; set; } = 1.0 / 8;

    /// <summary>The largest slope, of RReLU.</summary>
    public double Upper { get; set; } = 1.0 / 3;

    /// <summary>The sharpness, of Softplus.</summary>
    public double Beta { get; set; } = 1;

    /// <summary>Where Softplus becomes linear (20); below it Threshold yields <see cref="Value"/> (0).</summary>
    public double Threshold { get; set; }

    /// <summary>What Threshold yields below the threshold.</summary>
    public double Value { get; set; }

    /// <summary>Whether GELU uses the tanh formula.</summary>
    public bool Approximate { get; set; }
}
