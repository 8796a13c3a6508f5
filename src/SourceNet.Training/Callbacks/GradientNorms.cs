using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// Logs the Euclidean norm of all gradients together, and of those of each of the optimizer's groups where there are several, before they are clipped:
/// <c>gradient norm</c> and <c>gradient norm of</c> the group's name, the mean and the largest of each epoch. A bound for clipping is read off them.
/// </summary>
public sealed class GradientNorms : ITrainingCallback
{
    /// <summary>The norm of all gradients of the last step.</summary>
    public double Last { get; private set; }

    /// <inheritdoc/>
    public void GradientsReady(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        (string Name, double Square)[] groups =
            [.. Groups(run.Optimizer).Select(group => (group.Name, group.Parameters.Distinct(SameMemory.Comparer).Sum(Square)))];
        Last = Math.Sqrt(groups.Sum(group => group.Square));
        run.Log("gradient norm", Last);
        foreach (var (name, square) in groups.Where(_ => groups.Length > 1))
        {
            run.Log($"gradient norm of {name}", Math.Sqrt(square));
        }
    }

    /// <summary>The groups by the names that they have, or by their numbers.</summary>
    private static IEnumerable<(string Name, IEnumerable<Tensor> Parameters)> Groups(optim.Optimizer optimizer)
    {
        var names = optimizer is RegularizedOptimizer own ? own.Groups.Select(group => group.Name).ToList() : [];
        return optimizer.ParamGroups.OfType<ParamGroup>().Select((group, index) =>
        {
            var name = index < names.Count && names.Count(other => other == names[index]) == 1 ? names[index] : FormattableString.Invariant($"group {index}");
            return (name, group.Parameters.Select(parameter => (Tensor)parameter));
        });
    }

    private static double Square(Tensor parameter)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        if (parameter.grad is not { } gradient)
        {
            return 0;
        }

        // Squares of float32 overflow from 1e19 on.
        var norm = linalg.norm((gradient.is_sparse ? gradient.to_dense() : gradient).to(ScalarType.Float64)).item<double>();
        return norm * norm;
    }
}
