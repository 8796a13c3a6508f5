using SourceNet;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuickStart
{
    internal abstract class Model(string name) : Module<Tensor, Tensor>(name)
    {
        public abstract Tensor Loss(Tensor logits, Tensor targets);
        public abstract optim.Optimizer CreateOptimizer(double learningRate);
        public IDisposable EvalScope() { var was = training; eval(); return new Back(this, was); }
        public void SaveSafetensors(string path) => save(path);
        public void LoadSafetensors(string path) => load(path);
        public virtual string RegularizationPlan => "";
        private sealed class Back(Model m, bool was) : IDisposable { public void Dispose() => m.train(was); }
    }
}

namespace QuickStart.Models
{
    internal sealed class PlainCnn : Model
    {
        private readonly Conv2d c1 = Conv2d(1, 16, 3, padding: 1), c2 = Conv2d(16, 32, 3, padding: 1); private readonly Linear h = Linear(32 * 49, 128), o = Linear(128, 10);
        public PlainCnn() : base("plain") => RegisterComponents();
        public override Tensor forward(Tensor x)
        {
            x = functional.max_pool2d(functional.relu(c1.call(x)), 2);
            x = functional.max_pool2d(functional.relu(c2.call(x)), 2);
            return o.call(functional.relu(h.call(x.flatten(1))));
        }
        public override Tensor Loss(Tensor l, Tensor t) => functional.cross_entropy(l, t);
        public override optim.Optimizer CreateOptimizer(double lr) => optim.AdamW(parameters(), lr, weight_decay: 0);
    }

    internal sealed class RegularizedCnn : Model
    {
        private readonly Conv2d c1 = Conv2d(1, 16, 3, padding: 1, bias: false), c2 = Conv2d(16, 32, 3, padding: 1, bias: false); private readonly Linear h = Linear(32 * 49, 128), o = Linear(128, 10);
        private readonly BatchNorm2d n1 = BatchNorm2d(16), n2 = BatchNorm2d(32); private readonly Dropout d = Dropout(0.4);
        public RegularizedCnn() : base("reg") => RegisterComponents();
        public override Tensor forward(Tensor x)
        {
            x = functional.max_pool2d(functional.relu(n1.call(c1.call(x))), 2);
            x = functional.max_pool2d(functional.relu(n2.call(c2.call(x))), 2);
            return o.call(d.call(functional.relu(h.call(d.call(x.flatten(1))))));
        }
        public override Tensor Loss(Tensor l, Tensor t) => functional.cross_entropy(l, t, label_smoothing: 0.1);
        public override optim.Optimizer CreateOptimizer(double lr) => optim.AdamW(
            [new AdamW.ParamGroup(parameters().Where(p => p.dim() > 1), new AdamW.Options { weight_decay = 0.01, LearningRate = lr }),
             new AdamW.ParamGroup(parameters().Where(p => p.dim() <= 1), new AdamW.Options { weight_decay = 0, LearningRate = lr })], lr);
    }
}
