using SourceNet.Kernels.Native;

namespace SourceNet.Kernels.Autograd;

/// <summary>
/// The run of autograd's engine that calls a node on this thread. libtorch tells about it in C++ only: without these names (other compilers than GCC and Clang)
/// the answers are the careful ones.
/// </summary>
internal static unsafe class GraphTask
{
    /// <summary>int torch::autograd::get_current_graph_task_id()</summary>
    private static readonly delegate* unmanaged<int> s_id = (delegate* unmanaged<int>)LibTorchSharp.Find("_ZN5torch8autograd25get_current_graph_task_idEv");

    /// <summary>bool torch::autograd::get_current_graph_task_keep_graph()</summary>
    private static readonly delegate* unmanaged<byte> s_keepsGraph = (delegate* unmanaged<byte>)LibTorchSharp.Find(
        "_ZN5torch8autograd33get_current_graph_task_keep_graphEv");

    /// <summary>A number that no other run in this process has; -1 if it cannot be told.</summary>
    internal static int Id => s_id is null ? -1 : s_id();

    /// <summary>Whether the graph may be run through again (<c>retain_graph</c>). True if it cannot be told.</summary>
    internal static bool KeepsGraph => s_keepsGraph is null || s_keepsGraph() != 0;
}
