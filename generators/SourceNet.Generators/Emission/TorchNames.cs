namespace SourceNet.Generators.Emission;

/// <summary>Full names of what generated code uses.</summary>
internal static class TorchNames
{
    public const string Tensor = "global::TorchSharp.torch.Tensor";
    public const string Scope = "global::TorchSharp.torch.NewDisposeScope";
    public const string NN = "global::TorchSharp.torch.nn";
    public const string Functional = "global::TorchSharp.torch.nn.functional";
    public const string Modules = "global::TorchSharp.Modules";
    public const string SourceNet = "global::SourceNet";
    public const string CompilerServices = "global::SourceNet.CompilerServices";
    public const string ResidualSum = "global::SourceNet.CompilerServices.ResidualSum";
    public const string Fused = "global::SourceNet.CompilerServices.Fused";
    public const string Activations = "global::SourceNet.CompilerServices.Activations";
    public const string Layers = "global::SourceNet.Layers";
    public const string ReadOnlyList = "global::System.Collections.Generic.IReadOnlyList";
}
