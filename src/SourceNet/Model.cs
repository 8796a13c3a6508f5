using TorchSharp;

namespace SourceNet;

/// <summary>placeholder</summary>
public abstract class Model : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    /// <summary>placeholder</summary>
    protected Model() : base("Model") { }
    /// <summary>placeholder</summary>
    public abstract torch.Tensor Loss(torch.Tensor logits, torch.Tensor targets);
}
