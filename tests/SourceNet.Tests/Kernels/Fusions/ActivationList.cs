using SourceNet.Activations;

namespace SourceNet.Tests.Kernels.Fusions;

/// <summary>Every activation with settings that are not the usual ones.</summary>
internal static class ActivationList
{
    private interface ICase
    {
        TResult Visit<TResult>(IActivationVisitor<TResult> visitor);
    }

    private sealed record Case<TActivation>(TActivation Activation) : ICase
        where TActivation : unmanaged, IActivation
    {
        public TResult Visit<TResult>(IActivationVisitor<TResult> visitor) => visitor.Visit(Activation);
    }

    private static readonly Dictionary<string, ICase> s_all = new()
    {
        ["Identity"] = Of(default(Identity)),
        ["ReLU"] = Of(default(ReLU)),
        ["ReLU6"] = Of(default(ReLU6)),
        ["LeakyReLU"] = Of(new LeakyReLU(0.3)),
        ["ELU"] = Of(new ELU(1.3)),
        ["CELU"] = Of(new CELU(0.8)),
        ["SELU"] = Of(default(SELU)),
        ["GELU"] = Of(default(GELU)),
        ["GELUTanh"] = Of(default(GELUTanh)),
        ["SiLU"] = Of(default(SiLU)),
        ["Mish"] = Of(default(Mish)),
        ["Sigmoid"] = Of(default(Sigmoid)),
        ["LogSigmoid"] = Of(default(LogSigmoid)),
        ["Hardsigmoid"] = Of(default(Hardsigmoid)),
        ["Hardswish"] = Of(default(Hardswish)),
        ["Hardtanh"] = Of(new Hardtanh(-0.5, 2)),
        ["Tanh"] = Of(default(Tanh)),
        ["Tanhshrink"] = Of(default(Tanhshrink)),
        ["Softplus"] = Of(new Softplus(2, 5)),
        ["Softsign"] = Of(default(Softsign)),
        ["Softshrink"] = Of(new Softshrink(0.4)),
        ["Hardshrink"] = Of(new Hardshrink(0.3)),
        ["Threshold"] = Of(new Threshold(-0.1, -0.2)),
    };

    internal static IReadOnlyCollection<string> Names => s_all.Keys;

    internal static TResult Visit<TResult>(string name, IActivationVisitor<TResult> visitor) => s_all[name].Visit(visitor);

    private static ICase Of<TActivation>(TActivation activation)
        where TActivation : unmanaged, IActivation => new Case<TActivation>(activation);
}

/// <summary>Does something with an activation whose type is known when it is compiled.</summary>
internal interface IActivationVisitor<TResult>
{
    TResult Visit<TActivation>(TActivation activation)
        where TActivation : unmanaged, IActivation;
}
