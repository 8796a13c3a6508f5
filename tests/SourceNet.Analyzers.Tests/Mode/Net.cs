using Microsoft.CodeAnalysis.CodeFixes;
using SourceNet.Analyzers.Mode;

namespace SourceNet.Analyzers.Tests.Mode;

/// <summary>Checks of sources that may use these: <c>Net</c>, a module with dropout; <c>Plain</c>, one that is the same in both modes.</summary>
internal static class Net
{
    private const string Modules =
        """


        sealed class Net : nn.Module<Tensor, Tensor>
        {
            private readonly TorchSharp.Modules.Sequential _layers = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 2));
            public Net() : base("net") => RegisterComponents();
            public override Tensor forward(Tensor input) => _layers.forward(input);
        }

        sealed class Plain : nn.Module<Tensor, Tensor>
        {
            private readonly TorchSharp.Modules.Sequential _layers = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.LayerNorm([8]), nn.Linear(8, 2));
            public Plain() : base("plain") => RegisterComponents();
            public override Tensor forward(Tensor input) => nn.functional.relu(_layers.forward(input));
        }
        """;

    public static Task Reports(string marked, params string[] messages) => Code<ModeFlow>.Reports(marked + Modules, messages);

    public static Task IsSilent(string source) => Code<ModeFlow>.IsSilent(source + Modules);

    public static Task Fixes<TFix>(string marked, string after)
        where TFix : CodeFixProvider, new() =>
        Code<ModeFlow>.Fixes<TFix>(marked + Modules, after + Modules);

    /// <summary>The body of a method with an input, labels and a flag.</summary>
    public static string Method(string body) => "class Program { void Run(Tensor x, Tensor labels, bool flag) { " + body + " } }";
}
