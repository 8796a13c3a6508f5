using static TorchSharp.torch;

namespace SourceNet;

/// <summary>Gives every module of a tree its own mode, and gives each its earlier one back when it is disposed.</summary>
internal sealed class ModeScope : IDisposable
{
    private readonly nn.Module[] modules;
    private readonly bool[] before;
    private bool restored;

    internal ModeScope(nn.Module root, Func<nn.Module, bool> trains)
    {
        ArgumentNullException.ThrowIfNull(root);
        modules = ParentsFirst(root);
        before = Array.ConvertAll(modules, module => module.training);
        try
        {
            SetModes(Array.ConvertAll(modules, module => trains(module)));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (restored)
        {
            return;
        }
        restored = true;
        SetModes(before);
    }

    /// <summary>
    /// <c>train</c> is the only way to set a mode, and it sets a whole subtree. Parents before children, and only where the mode differs, so that
    /// each module ends up with its own mode, and a tree that agrees costs one call. <c>train(false)</c>, because <c>Sequential.eval</c> visits
    /// each child several times a level.
    /// </summary>
    private void SetModes(bool[] modes)
    {
        for (var index = 0; index < modules.Length; index++)
        {
            if (modules[index].training != modes[index])
            {
                modules[index].train(modes[index]);
            }
        }
    }

    /// <summary>
    /// Every module once, after all of its parents. A shared module comes several times in <c>modules()</c>; its last place is after the last
    /// place of each parent, because what a module contains always follows it.
    /// </summary>
    private static nn.Module[] ParentsFirst(nn.Module root)
    {
        var seen = new HashSet<nn.Module>(ReferenceEqualityComparer.Instance);
        nn.Module[] order = [.. root.modules().Prepend(root).Reverse().Where(seen.Add)];
        Array.Reverse(order);
        return order;
    }
}
