using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// Sharpness-aware minimization: takes the gradient not at the weights w, but at the worst point of a neighborhood, <c>w + ρ · g / ‖g‖</c>, with the norm over
/// all parameters together (Foret et al. 2021, <see href="https://arxiv.org/abs/2010.01412"/>). The adaptive variant measures the neighborhood in the scale
/// of each weight,
/// <c>w + ρ · w² · g / ‖w · g‖</c> (Kwon et al. 2021, <see href="https://arxiv.org/abs/2102.11600"/>); weights of 0 stay there.
/// </summary>
/// <remarks>
/// A step costs two forward and two backward passes. <see cref="Backward"/> does both: dropout has the same mask in the second one, since the gradient is asked
/// for of one function at two points, and running
/// statistics see the first one alone. Whoever calls <see cref="FirstStep"/> and <see cref="Restore"/> must see to both.
/// </remarks>
/// <example><code>
/// optimizer.zero_grad();
/// sam.Backward(model, () => model.Loss(model.call(images), labels));
/// optimizer.step();
/// </code></example>
public sealed class Sam
{
    private readonly Parameter[] parameters;
    private readonly List<(Parameter Parameter, Tensor Own)> moved = [];

    /// <param name="parameters">What the optimizer trains. One that is given twice, under whatever name, counts once; one without a gradient stays.</param>
    /// <param name="rho">ρ, the radius of the neighborhood in the L2 norm, above 0. The adaptive variant takes one that is about ten times larger.</param>
    /// <param name="adaptive">Whether the neighborhood has the scale of each weight.</param>
    /// <exception cref="ArgumentOutOfRangeException">A radius that is not above 0 and finite.</exception>
    public Sam(IEnumerable<Parameter> parameters, double rho = 0.05, bool adaptive = false)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Rho = rho > 0 && double.IsFinite(rho) ? rho : throw new ArgumentOutOfRangeException(nameof(rho), rho, "The radius must be above 0 and finite.");
        Adaptive = adaptive;
        this.parameters = [.. parameters.Distinct(SameMemory.Comparer).Cast<Parameter>()];
    }

    /// <summary>The radius of the neighborhood.</summary>
    public double Rho { get; }

    /// <summary>Whether the neighborhood has the scale of each weight.</summary>
    public bool Adaptive { get; }

    /// <summary>The gradients at the worst point, in two passes. The weights are where they were afterwards, also if it throws.</summary>
    /// <param name="model">The model, whose batch norms do not see the second pass.</param>
    /// <param name="objective">Computes the loss of the same batch at each call.</param>
    /// <returns>The loss where the weights are, detached. It belongs to the caller.</returns>
    public Tensor Backward(nn.Module model, Func<Tensor> objective)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(objective);
        return Both(model, First, () => objective().backward());

        Tensor First()
        {
            var loss = objective();
            loss.backward();
            return loss.detach();
        }
    }

    /// <summary>Both passes, each of which goes backward by itself.</summary>
    internal T Both<T>(nn.Module model, Func<T> first, Action second)
    {
        using var draws = new SameDraws(parameters.Length > 0 ? parameters[0].device : CPU);
        var value = first();
        using var statistics = new NormStatistics(model);
        FirstStep();
        try
        {
            draws.Again();
            second();
        }
        finally
        {
            Restore();
            statistics.Restore();
        }

        return value;
    }

    /// <summary>Moves every parameter that has a gradient to the worst point, and removes the gradients: the next backward pass gives those there.</summary>
    /// <exception cref="InvalidOperationException">
    /// There is no gradient, one is sparse, or <see cref="Restore"/> was not called since the last time.
    /// </exception>
    public void FirstStep()
    {
        if (moved.Count > 0)
        {
            throw new InvalidOperationException("The parameters are at the worst point already: call Restore first.");
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var gradients = Gradients();
        // Only gradients of 0 are that small, and they move nothing.
        using var factor = (Rho / (Norm(gradients) + 1e-12)).ToScalar();
        foreach (var (parameter, gradient) in gradients)
        {
            moved.Add((parameter, parameter.clone().DetachFromDisposeScope()));
            parameter.add_(Adaptive ? parameter.mul(parameter).mul_(gradient) : gradient, factor);
            parameter.grad = null;
        }
    }

    /// <summary>Puts the parameters back to where they were, bit by bit. The gradients stay: the optimizer's step follows.</summary>
    /// <exception cref="InvalidOperationException"><see cref="FirstStep"/> was not called before.</exception>
    public void Restore()
    {
        if (moved.Count == 0)
        {
            throw new InvalidOperationException("The parameters are where they belong: call FirstStep first.");
        }

        using var noGradient = no_grad();
        foreach (var (parameter, own) in moved)
        {
            parameter.copy_(own);
            own.Dispose();
        }

        moved.Clear();
    }

    private List<(Parameter Parameter, Tensor Gradient)> Gradients()
    {
        List<(Parameter Parameter, Tensor Gradient)> gradients = [];
        foreach (var parameter in parameters)
        {
            if (parameter.requires_grad && parameter.grad is { } gradient)
            {
                gradients.Add((parameter, gradient));
            }
        }

        if (gradients.Count == 0)
        {
            throw new InvalidOperationException("No parameter has a gradient: call backward() first.");
        }

        if (gradients.Exists(pair => pair.Gradient.is_sparse))
        {
            throw new InvalidOperationException("A gradient is sparse, and Sam takes dense ones: create the embedding with sparse: false.");
        }

        return gradients;
    }

    private double Norm(List<(Parameter Parameter, Tensor Gradient)> gradients)
    {
        var device = gradients[0].Gradient.device;
        var type = gradients.Exists(pair => pair.Gradient.dtype == ScalarType.Float64) ? ScalarType.Float64 : ScalarType.Float32;
        // Not vector_norm, which makes a Scalar that nothing keeps alive.
        var norms = gradients.Select(pair => linalg.norm(Scaled(pair.Parameter, pair.Gradient)).to(type, device));
        return linalg.norm(stack(norms)).ToDouble();
    }

    private Tensor Scaled(Parameter parameter, Tensor gradient)
    {
        // The norm of a large tensor in half precision overflows.
        var wide = gradient.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? gradient.to(ScalarType.Float32) : gradient;
        return Adaptive ? wide.mul(parameter) : wide;
    }
}
