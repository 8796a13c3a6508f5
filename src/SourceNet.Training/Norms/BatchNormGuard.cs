using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// Refuses one value a channel in every batch norm of a model that is called as a module, as the library's kernels do by themselves: libtorch would write 0/0
/// into the running variance.
/// </summary>
internal sealed class BatchNormGuard : IDisposable
{
    private readonly List<Action> removals = [];

    internal BatchNormGuard(nn.Module model)
    {
        foreach (var (path, module) in model.named_modules().Prepend((name: "", module: model)).DistinctBy(pair => pair.module))
        {
            if (module is BatchNorm norm)
            {
                removals.Add(norm.register_forward_pre_hook((_, input) => Checked(path, norm, input)).remove);
            }
        }
    }

    public void Dispose() => removals.ForEach(remove => remove());

    private static Tensor Checked(string path, BatchNorm norm, Tensor input)
    {
        if (norm.training && input.ndim >= 2 && input.numel() == input.size(1))
        {
            throw new ArgumentException(
                $"'{path}' takes more than one value for each channel in train mode, and its input "
                + $"[{string.Join(", ", input.shape)}] has one, which has no variance. "
                + "Leave a last batch of one sample out (dropLast: true), take larger batches, or put the norm into eval mode.");
        }

        return input;
    }
}
