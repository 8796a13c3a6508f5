using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>A node of the module tree that only gives its children a name: <c>block1</c> in <c>block1.conv.weight</c>.</summary>
internal sealed class Container : nn.Module, IParameterOwner
{
    internal Container(string name) : base(name) { }

    OwnedTensors IParameterOwner.Owned { get; } = new();

    void IParameterOwner.Place(string name, Parameter parameter) => ConditionallyRegisterParameter(name, parameter);

    void IParameterOwner.PlaceBuffer(string name, Tensor buffer) => ConditionallyRegisterBuffer(name, buffer, true);

    // Everything is registered explicitly.
    protected override void RegisterComponents() { }

    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        ((IParameterOwner)this).Owned.Convert(this, ReplaceParameter, ReplaceBuffer, dtype, device);
        base._toEpilog(dtype, device, non_blocking);
    }
}
