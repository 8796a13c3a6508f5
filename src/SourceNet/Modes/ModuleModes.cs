using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>Train and eval mode for the length of a <c>using</c> block, for any module.</summary>
public static class ModuleModes
{
    /// <summary>Puts the module and everything in it into eval mode until the scope is disposed; then each module gets its own earlier mode back.</summary>
    /// <remarks>
    /// A frozen batch norm that was in eval mode inside a training model stays in eval mode afterwards, which <c>eval(); ...; train();</c> would undo.
    /// </remarks>
    /// <example><code>
    /// using (model.EvalScope())
    /// using (torch.no_grad())
    /// {
    ///     using var logits = model.call(images);
    /// }
    /// </code></example>
    public static IDisposable EvalScope(this nn.Module module) => new ModeScope(module, _ => false);

    /// <summary>
    /// Puts dropout and every other stochastic layer into train mode and all else into eval mode until the scope is disposed: each forward pass is then
    /// a sample from the approximate posterior (Gal and Ghahramani 2016), while batch norm keeps its running statistics.
    /// </summary>
    /// <remarks>Stochastic are TorchSharp's dropout modules and whatever implements <see cref="IStochasticLayer"/>.</remarks>
    public static IDisposable MonteCarloDropout(this nn.Module module) => new ModeScope(module, IsStochastic);

    /// <summary>Gives every module of a tree the mode that is asked for until the scope is disposed; then each gets its own earlier mode back.</summary>
    /// <param name="module">The root of the tree.</param>
    /// <param name="trains">Whether a module is to be in train mode, for each by itself: what a frozen norm is not, whatever its parent is.</param>
    /// <example><code>
    /// using (model.ModeScope(module => module is not BatchNorm2d))
    /// {
    ///     Train(model);
    /// }
    /// </code></example>
    public static IDisposable ModeScope(this nn.Module module, Func<nn.Module, bool> trains)
    {
        ArgumentNullException.ThrowIfNull(trains);
        return new ModeScope(module, trains);
    }

    private static bool IsStochastic(nn.Module module) =>
        module is IStochasticLayer or Dropout or Dropout1d or Dropout2d or Dropout3d or AlphaDropout or FeatureAlphaDropout;
}
