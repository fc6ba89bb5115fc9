// The front end of a picture: the other files of this folder, one after the other, and what anywidget asks for.

export default () => {
  const list = new DisplayList();
  return {
    initialize({ model }) {
      list.connect(model);
    },
    render({ model, el }) {
      const view = new View(list, model, el);
      return () => view.remove();
    },
  };
};
