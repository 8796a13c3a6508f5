using System.ComponentModel;
using SourceNet.CompilerServices.Activations;
using SourceNet.Layers;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices;

/// <summary>
/// The sum <c>x + dropPath(body)</c> at the end of a residual block, left open, so that the block after it computes the sum in one pass over memory with the
/// norm or activation that it begins with. Generated code hands it from block to block.
/// </summary>
/// <remarks>It is taken once: each method but <see cref="Of"/> computes the sum and disposes what it was made of.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ResidualSum
{
    private readonly Tensor x;
    private readonly Tensor? body;
    private readonly DropPath? dropPath;
    private readonly bool owns;

    private ResidualSum(Tensor x, Tensor? body, DropPath? dropPath, bool owns) => (this.x, this.body, this.dropPath, this.owns) = (x, body, dropPath, owns);

    /// <summary>The sum of two tensors, which are taken over.</summary>
    /// <param name="x">What the body is added to.</param>
    /// <param name="body">A tensor of the same shape.</param>
    /// <param name="dropPath">What skips the body for whole samples, null for nothing. Hooks on it do not run.</param>
    public ResidualSum(Tensor x, Tensor body, DropPath? dropPath = null)
        : this(x, body, dropPath, owns: true)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(body);
    }

    /// <summary>A tensor that nothing is added to, and that stays the caller's.</summary>
    /// <param name="x">Any tensor.</param>
    public static ResidualSum Of(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return new(x, null, null, owns: false);
    }

    /// <summary>A tensor that nothing is added to, and that is taken over.</summary>
    internal static ResidualSum Taking(Tensor x) => new(x, null, null, owns: true);

    /// <summary>The sum.</summary>
    /// <returns>A new tensor.</returns>
    public Tensor Value()
    {
        if (body is null)
        {
            return Whole();
        }

        var sum = Fused.Sum(x, body, dropPath);
        Dispose();
        return sum;
    }

    /// <summary><c>dropout(activation(norm(sum)))</c></summary>
    /// <inheritdoc cref="Fused.RMSNorm{TActivation}" path="/param[@name='norm']|/param[@name='activation']|/param[@name='dropout']|/exception"/>
    public Tensor RMSNorm<TActivation>(RMSNorm norm, TActivation activation, TorchSharp.Modules.Dropout? dropout = null)
        where TActivation : unmanaged, IActivation
    {
        var result = body is null ? Fused.RMSNorm(x, norm, activation, dropout) : Fused.RMSNormOfSum(x, body, norm, activation, dropout, dropPath);
        Dispose();
        return result;
    }

    /// <summary>The sum, and <c>dropout(activation(norm(sum)))</c>.</summary>
    /// <param name="sum">The sum, for the residual that goes on from it.</param>
    /// <param name="norm">The norm. Hooks on it do not run.</param>
    /// <param name="activation">What follows the norm.</param>
    /// <param name="dropout">What follows the activation; null, a rate of 0 or eval mode for nothing.</param>
    /// <returns>The second of them. Both are differentiable.</returns>
    /// <inheritdoc cref="Fused.RMSNorm{TActivation}" path="/exception"/>
    public Tensor RMSNorm<TActivation>(out Tensor sum, RMSNorm norm, TActivation activation, TorchSharp.Modules.Dropout? dropout = null)
        where TActivation : unmanaged, IActivation
    {
        if (body is null)
        {
            sum = Whole();
            return Fused.RMSNorm(sum, norm, activation, dropout);
        }

        (sum, var result) = Fused.AddRMSNorm(x, body, norm, activation, dropout, dropPath);
        Dispose();
        return result;
    }

    /// <summary><c>dropout(activation(norm(sum)))</c></summary>
    /// <inheritdoc cref="Fused.LayerNorm{TActivation}" path="/param[@name='norm']|/param[@name='activation']|/param[@name='dropout']|/exception"/>
    public Tensor LayerNorm<TActivation>(TorchSharp.Modules.LayerNorm norm, TActivation activation, TorchSharp.Modules.Dropout? dropout = null)
        where TActivation : unmanaged, IActivation
    {
        var result = body is null ? Fused.LayerNorm(x, norm, activation, dropout) : Fused.LayerNormOfSum(x, body, norm, activation, dropout, dropPath);
        Dispose();
        return result;
    }

    /// <summary>The sum, and <c>dropout(activation(norm(sum)))</c>.</summary>
    /// <param name="sum">The sum, for the residual that goes on from it.</param>
    /// <param name="norm">The norm. Hooks on it do not run.</param>
    /// <param name="activation">What follows the norm.</param>
    /// <param name="dropout">What follows the activation; null, a rate of 0 or eval mode for nothing.</param>
    /// <returns>The second of them. Both are differentiable.</returns>
    /// <inheritdoc cref="Fused.LayerNorm{TActivation}" path="/exception"/>
    public Tensor LayerNorm<TActivation>(
        out Tensor sum, TorchSharp.Modules.LayerNorm norm, TActivation activation, TorchSharp.Modules.Dropout? dropout = null)
        where TActivation : unmanaged, IActivation
    {
        if (body is null)
        {
            sum = Whole();
            return Fused.LayerNorm(sum, norm, activation, dropout);
        }

        (sum, var result) = Fused.AddLayerNorm(x, body, norm, activation, dropout, dropPath);
        Dispose();
        return result;
    }

    /// <summary><c>dropout(activation(sum))</c></summary>
    /// <inheritdoc cref="Fused.Activation{TActivation}(Tensor, TActivation, TorchSharp.Modules.Dropout?)" path="/param[@name='activation']|/param[@name='dropout']"/>
    public Tensor Activation<TActivation>(TActivation activation, TorchSharp.Modules.Dropout? dropout = null)
        where TActivation : unmanaged, IActivation
    {
        var result = body is null ? Fused.Activation(x, activation, dropout) : Fused.AddActivation(x, body, activation, dropout, dropPath);
        Dispose();
        return result;
    }

    /// <summary>The sum, and <c>dropout(activation(sum))</c>.</summary>
    /// <param name="sum">The sum, for the residual that goes on from it.</param>
    /// <param name="activation">What follows the sum.</param>
    /// <param name="dropout">What follows the activation; null, a rate of 0 or eval mode for nothing.</param>
    /// <returns>The second of them. Both are differentiable.</returns>
    public Tensor Activation<TActivation>(out Tensor sum, TActivation activation, TorchSharp.Modules.Dropout? dropout = null)
        where TActivation : unmanaged, IActivation
    {
        if (body is null)
        {
            sum = Whole();
            return Fused.Activation(sum, activation, dropout);
        }

        (sum, var result) = Fused.SumAndActivation(x, body, activation, dropout, dropPath);
        Dispose();
        return result;
    }

    /// <summary>x as a tensor of the caller's.</summary>
    private Tensor Whole() => owns ? x : x.alias();

    private void Dispose()
    {
        if (owns)
        {
            x.Dispose();
            body?.Dispose();
        }
    }
}
